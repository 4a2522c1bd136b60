<?php
$metadata['urn:federation:MicrosoftOnline'] = [
    'prp' => 'https://login.microsoftonline.com/login.srf',
    'simplesaml.nameidattribute' => 'http://schemas.microsoft.com/LiveID/Federation/2008/05/ImmutableID',
];
