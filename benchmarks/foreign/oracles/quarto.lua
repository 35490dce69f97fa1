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

return {
  { Div = filter, Span = filter, Note = function() return {} end },
}
