<?php
// People type their userPrincipalName; the directory binds them by it, and their object is read in their own name.
$config = [
    'people' => [
        'ldap:LDAP',
        'hostname' => getenv('PEER_LDAP_URL'),
        'attributes' => ['userPrincipalName', 'objectGUID'],
        'attributes.binary' => ['objectGUID'],
        'search.enable' => true,
        'search.base' => getenv('PEER_LDAP_BASE'),
        'search.attributes' => ['userPrincipalName'],
        'search.username' => getenv('PEER_LDAP_USER'),
        'search.password' => trim(file_get_contents(getenv('PEER_LDAP_PASSWORD_FILE'))),
    ],
];
