"""Routes, one file each; every file builds one router."""
