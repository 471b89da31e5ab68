"""数据交换 (R76): tasks out and in under the other platform's numbers, keys of departments, calls answered once."""
