"""The pictures of a course, decoded in a process of their own and made small enough."""
