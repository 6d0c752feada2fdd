"""How the window looks: colours, spaces and type as tokens; one palette and one stylesheet rendered from them."""
