"""Each rule, asked as a client asks; every answer and every record must be as the TM Forum swaggers say."""
