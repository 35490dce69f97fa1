-- In notes, a heading below the slide level is a part of them. pandoc makes slides of such headings,
-- which then stand for the slide whose notes they are in.

local function find_level(blocks)
  local level = 6
  for number, block in ipairs(blocks) do
    local following = blocks[number + 1]
    local filled = following and following.t ~= "Header" and following.t ~= "HorizontalRule"
    if block.t == "Header" and filled then level = math.min(level, block.level) end
  end
  return level
end

function Pandoc(document)
  local level = find_level(document.blocks)
  return document:walk({
    Div = function(div)
      if not div.classes:includes("notes") then return nil end
      return div:walk({
        Header = function(header)
          if header.level > level then return pandoc.Para({ pandoc.Strong(header.content) }) end
        end,
      })
    end,
  })
end
