-- Waits for findings in the open file, asks for a hover, applies a quick fix, and prints what there was as JSON.
local uri = vim.uri_from_bufnr(0)

local function until_true(what, done)
  if not vim.wait(30000, done, 20) then error("waited in vain for " .. what) end
end

local function found()
  local rules = {}
  for _, it in ipairs(vim.diagnostic.get(0)) do
    table.insert(rules, it.code .. ":" .. (it.lnum + 1))
  end
  table.sort(rules)
  return rules
end

local ok, problem = pcall(function()
  until_true("findings", function() return #found() > 0 end)
  local before = found()

  local client = vim.lsp.get_clients({ bufnr = 0, name = "nippy" })[1]
  local hover = client:request_sync("textDocument/hover", { textDocument = { uri = uri }, position = { line = 4, character = 31 } }, 30000)

  vim.api.nvim_win_set_cursor(0, { 10, 14 })
  vim.lsp.buf.code_action({ apply = true, filter = function(it) return it.title:find("^Add await") ~= nil end })
  until_true("the quick fix", function() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true)):find("await") ~= nil end)
  until_true("news", function() return #found() < #before end)
  io.stdout:write(vim.json.encode({
    before = before,
    hover = hover.result.contents.value,
    text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), "\n") .. "\n",
    after = found(),
  }))
end)
if not ok then io.stdout:write(vim.json.encode({ problem = tostring(problem) })) end
io.stdout:flush()
vim.cmd("qa!")
