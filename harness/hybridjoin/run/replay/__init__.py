"""A recorded run judged once more, offline."""
