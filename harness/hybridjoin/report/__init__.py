"""Pictures of the one record; `formats.catalogue` knows them all."""
