"""联合检查 (art. 8, 13; R73-R76): the plan as one, the departments of a task, the visit as a whole."""
