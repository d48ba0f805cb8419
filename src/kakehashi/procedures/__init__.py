"""procedures (手続・申請): the inventory, applying online, handling, the result."""
