"""Requirements of FederationMetadata.xml: the document, the token service that it describes, and its keys."""
