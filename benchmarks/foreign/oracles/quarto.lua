-- Leaves out what Quarto leaves out of slides, and keeps footnotes on their slides, as Quarto does.

local SHOWN = { revealjs = true, html = true, ["html:js"] = true }

local function is_shown(element)
  local when = element.attributes["when-format"]
  local unless = element.attributes["unless-format"]
  if element.classes:includes("content-visible") then
    return (not when or SHOWN[when]) and not (unless and SHOWN[unless])
  elseif element.classes:includes("content-hidden") then
    return (when ~= nil and not SHOWN[when]) or (unless ~= nil and SHOWN[unless] == true)
  end
  return true
end

local function filter(element)
  if not is_shown(element) then return {} end
end

-- Tabs, callouts and the cells of a layout take the headings in them for their titles. A heading
-- in notes is a part of them, and begins no slide here, though it does in pandoc.
local function has_titles(div)
  for _, class in ipairs(div.classes) do
    if class == "notes" or class == "panel-tabset" or class:match("^callout") then return true end
  end
  for name in pairs(div.attributes) do
    if name:match("^layout") then return true end
  end
  return false
end

local function filter_div(div)
  if not is_shown(div) then return {} end
  if not has_titles(div) then return nil end
  return div:walk({
    Header = function(header) return pandoc.Para({ pandoc.Strong(header.content) }) end,
  })
end

return {
  { Div = filter_div, Span = filter, Note = function() return {} end },
}
