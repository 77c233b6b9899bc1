"""Lessons: Markdown with directives, read into plain JSON that the browser shows beside the picture."""
