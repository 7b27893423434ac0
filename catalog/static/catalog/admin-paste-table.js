// Pastes a table of a web page or spreadsheet with one line per row. In plain text, line breaks inside cells cannot be
// told from rows, and cells that span several rows are missing.
"use strict";
{
  const cellText = (cell) => {
    cell.querySelectorAll("style, script").forEach((element) => element.remove());
    cell.querySelectorAll("p, li, div").forEach((element) => element.append("\n"));
    cell.querySelectorAll("br, hr").forEach((element) => element.replaceWith("\n"));
    const lines = cell.textContent.split("\n").map((line) => line.replace(/\s+/g, " ").trim());
    return lines.filter(Boolean).join("\n");
  };
  const quote = (text) => (text.includes("\n") ? `"${text.replaceAll('"', '""')}"` : text);
  const tableText = (table) => {
    const rows = [];
    [...table.rows].forEach((row, index) => {
      const cells = (rows[index] ??= []);
      for (const cell of row.cells) {
        const text = quote(cellText(cell));
        const isOnly = row.cells.length === 1; // such as a summary below its episode
        let column = 0;
        while (cells[column] !== undefined) column += 1;
        for (let below = 0; below < Math.min(cell.rowSpan || 1, table.rows.length - index); below += 1) {
          const spanned = (rows[index + below] ??= []);
          for (let offset = 0; offset < (isOnly ? 1 : cell.colSpan); offset += 1) spanned[column + offset] = text;
        }
      }
    });
    return rows.map((cells) => Array.from(cells, (text) => text ?? "").join("\t")).join("\n");
  };
  const field = document.querySelector("textarea.paste-text");
  field?.addEventListener("paste", (event) => {
    const clipboard = document.createElement("template"); // nothing in it is loaded or run
    // Without styles, which the content security policy would report.
    clipboard.innerHTML = event.clipboardData.getData("text/html").replace(/ style="[^"]*"/g, "");
    const tables = clipboard.content.querySelectorAll("table");
    if (tables.length !== 1) return;
    event.preventDefault();
    field.setRangeText(`${tableText(tables[0])}\n`, field.selectionStart, field.selectionEnd, "end");
  });
}
