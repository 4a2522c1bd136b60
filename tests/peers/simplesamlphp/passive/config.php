<?php
// SimpleSAMLphp as an identity provider for browsers: its own page, its own ldap module, its own adfs module.
$config = [
    'baseurlpath' => 'https://' . getenv('PEER_HOST') . '/',
    'certdir' => getenv('PEER_FOLDER') . '/',
    'metadatadir' => __DIR__ . '/metadata',
    'logging.handler' => 'stderr',
    'secretsalt' => 'only for as long as a test takes',
    'timezone' => 'UTC',
    'module.enable' => ['adfs' => true, 'core' => true, 'ldap' => true],
    'enable.adfs-idp' => true,
    'store.type' => 'phpsession',
    'session.cookie.secure' => true,
    'metadata.sources' => [['type' => 'flatfile', 'directory' => __DIR__ . '/metadata']],
];
