"""`anyvideo serve`: OpenAI's `/v1/videos` in front of every vendor."""
