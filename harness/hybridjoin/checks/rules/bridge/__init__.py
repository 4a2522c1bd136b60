"""What a bridge needs of Entra as its OpenID provider, and of its own console; asked of that flow alone."""
