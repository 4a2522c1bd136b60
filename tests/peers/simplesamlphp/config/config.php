<?php
// As little as SimpleSAMLphp starts with; nothing is stored, and no page of its own is served.
$config = [
    'baseurlpath' => '/',
    'certdir' => getenv('PEER_FOLDER') . '/',
    'logging.handler' => 'stderr',
    'secretsalt' => 'only tokens are made here',
    'timezone' => 'UTC',
    'module.enable' => ['adfs' => true],
];
