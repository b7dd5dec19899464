"""Tool calls: who may, what runs, what a person must say yes to, and when the answer comes."""
