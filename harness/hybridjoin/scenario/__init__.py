"""The files people write, and their mistakes: scenarios, sites and labs."""
