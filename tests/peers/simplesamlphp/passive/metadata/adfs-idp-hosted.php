<?php
$upn = 'http://schemas.xmlsoap.org/claims/UPN';
$immutableId = 'http://schemas.microsoft.com/LiveID/Federation/2008/05/ImmutableID';
$wrong = fn (string $mistake) => getenv('PEER_MISTAKE') === $mistake;
$metadata[getenv('PEER_ISSUER') . ($wrong('other-issuer') ? '/' : '')] = [
    'host' => '__DEFAULT__',
    'privatekey' => 'signing.key',
    'certificate' => 'signing.pem',
    'auth' => 'people',
    'assertion.lifetime' => 3600,
    'signature.algorithm' => $wrong('sha1')
        ? 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
        : 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    'authproc' => [
        50 => $wrong('name-as-anchor')
            ? ['class' => 'core:AttributeMap', 'userPrincipalName' => [$upn, $immutableId]]
            : ['class' => 'core:AttributeMap', 'userPrincipalName' => $upn, 'objectGUID' => $immutableId],
    ],
];
