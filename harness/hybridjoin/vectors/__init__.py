"""Attack vectors: forged, broken and merely unusual SAML 1.1 assertions in token responses, as data for everybody.

`suite` makes the files below `data`, which come along with the package; `files` reads them again, `judges` holds our
own two readers against them, and `guest` any verifier that somebody names on a command line. A test makes the files
again and compares.

`mutations` bends any good assertion, a customer's too, and goes by trees; a vector is a text of its own, to the octet,
for what is told apart here (comments, quotes, entities, declarations) is not in a tree any more.
"""
