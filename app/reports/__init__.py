"""Reports: rows in, workbook or picture out; pure, without session or clock."""
