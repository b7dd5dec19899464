"""What each event of the model and each deed of a page means, and whose it is."""
