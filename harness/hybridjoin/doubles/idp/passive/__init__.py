"""The reference IdP's passive door (MS-MWBF; WS-Federation 1.2, 13): where browsers are sent, and what they take on."""
