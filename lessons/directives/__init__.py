"""What a script asks for apart from its words: SSML, and the comments that direct the voice."""
