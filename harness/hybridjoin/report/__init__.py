"""Pictures of the one record: HTML, JUnit, terminal."""
