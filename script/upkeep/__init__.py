"""What keeps the checkout honest: the generated architecture page and the licence check."""
