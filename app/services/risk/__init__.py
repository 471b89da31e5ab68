"""监管风险预警 (art. 11, R88): rates with caution, what rises and against what, warnings and their life."""
