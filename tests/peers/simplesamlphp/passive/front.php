<?php
// httpd in front has the TLS and the name; PHP's own server behind it is told of both.
$_SERVER['HTTPS'] = 'on';
$_SERVER['SERVER_PORT'] = '443';
$_SERVER['HTTP_HOST'] = $_SERVER['SERVER_NAME'] = getenv('PEER_HOST');
