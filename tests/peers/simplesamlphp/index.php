<?php
// What stands around SimpleSAMLphp's AD FS module: the computer's own values, an envelope, a static MEX document.
// The answer's RequestSecurityTokenResponse is the module's, signed by it. It reads MessageID and AppliesTo, and no more.
// The environment says where and, in PEER_MISTAKE, what is wrong.

require getenv('PEER_SIMPLESAMLPHP') . '/lib/_autoload.php';

const SOAP = 'http://www.w3.org/2003/05/soap-envelope';
const WSA = 'http://www.w3.org/2005/08/addressing';
const TRUST = 'http://schemas.xmlsoap.org/ws/2005/02/trust';

function wrong(string $mistake): bool
{
    return getenv('PEER_MISTAKE') === $mistake;
}

function send(int $status, string $action, string $relatesTo, string $body): void
{
    http_response_code($status);
    header('Content-Type: application/soap+xml; charset=utf-8');
    $relates = htmlspecialchars($relatesTo, ENT_XML1);
    echo '<s:Envelope xmlns:s="' . SOAP . '" xmlns:a="' . WSA . '"><s:Header><a:Action>' . $action . '</a:Action>'
        . "<a:RelatesTo>$relates</a:RelatesTo></s:Header><s:Body>$body</s:Body></s:Envelope>";
}

function computer(string $account): ?array
{
    $directory = ldap_connect(getenv('PEER_LDAP_URL'));
    ldap_set_option($directory, LDAP_OPT_PROTOCOL_VERSION, 3);
    ldap_set_option($directory, LDAP_OPT_REFERRALS, 0);
    ldap_bind($directory, getenv('PEER_LDAP_USER'), trim(file_get_contents(getenv('PEER_LDAP_PASSWORD_FILE'))));
    $name = ldap_escape(explode('@', $account)[0], '', LDAP_ESCAPE_FILTER);
    $filter = "(&(objectClass=computer)(sAMAccountName=$name))";
    $found = ldap_search($directory, getenv('PEER_LDAP_BASE'), $filter, ['objectGUID', 'objectSid']);
    $entry = ldap_first_entry($directory, $found);
    if ($entry === false) {
        return null;
    }
    $guid = ldap_get_values_len($directory, $entry, 'objectGUID')[0];
    $sid = ldap_get_values_len($directory, $entry, 'objectSid')[0];
    return [$guid, 'S-1-' . implode('-', [ord($sid[7]), ...unpack('V*', substr($sid, 8))])];
}

function claims(string $guid, string $sid): array
{
    $bigEndian = strrev(substr($guid, 0, 4)) . strrev(substr($guid, 4, 2)) . strrev(substr($guid, 6, 2)) . substr($guid, 8);
    $device = 'http://schemas.microsoft.com/ws/2012/01';
    $accountType = wrong('accounttype-namespace') ? "$device/identity/claims/accounttype" : "$device/accounttype";
    $all = [
        $accountType => [wrong('accounttype-user') ? 'User' : 'DJ'],
        'http://schemas.microsoft.com/identity/claims/onpremobjectguid' =>
            [base64_encode(wrong('big-endian-guid') ? $bigEndian : $guid)],
        'http://schemas.microsoft.com/ws/2008/06/identity/claims/primarysid' =>
            [wrong('group-sid') ? preg_replace('/-\d+$/', '-515', $sid) : $sid],
        'http://schemas.microsoft.com/LiveID/Federation/2008/05/ImmutableID' => [base64_encode($guid)],
    ];
    if (wrong('no-onpremobjectguid')) {
        unset($all['http://schemas.microsoft.com/identity/claims/onpremobjectguid']);
    }
    return $all;
}

function token(string $appliesTo, string $guid, string $sid): string
{
    $module = 'SimpleSAML\Module\adfs\IdP\ADFS';
    $make = new ReflectionMethod($module, 'generateResponse');
    $sign = new ReflectionMethod($module, 'signResponse');
    $made = $make->invoke(null, getenv('PEER_ISSUER'), $appliesTo, base64_encode($guid), claims($guid, $sid), 3600);
    $algorithm = wrong('sha1')
        ? 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
        : 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
    $folder = getenv('PEER_FOLDER');
    $signed = $sign->invoke(null, $made, "$folder/signing.key", "$folder/signing.pem", $algorithm, null);
    $bare = preg_replace('/^<\?xml[^>]*\?>\s*/', '', $signed);
    $type = '<wst:TokenType>urn:oasis:names:tc:SAML:1.0:assertion</wst:TokenType>';
    return str_replace('</wst:RequestSecurityTokenResponse>', "$type</wst:RequestSecurityTokenResponse>", $bare);
}

function issue(): void
{
    $request = new DOMDocument();
    libxml_use_internal_errors(true);
    $fault = fn (string $code, string $reason) => '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode>'
        . '<s:Value xmlns:t="' . TRUST . "\">t:$code</s:Value></s:Subcode></s:Code>"
        . "<s:Reason><s:Text xml:lang=\"en\">$reason</s:Text></s:Reason></s:Fault>";
    if (!$request->loadXML(file_get_contents('php://input'), LIBXML_NONET)) {
        send(400, WSA . '/soap/fault', '', $fault('InvalidRequest', 'The request is no XML.'));
        return;
    }
    $path = new DOMXPath($request);
    $path->registerNamespace('a', WSA);
    $message = $path->evaluate('string(//a:MessageID)');
    $appliesTo = $path->evaluate('string(//*[local-name()="AppliesTo"]//a:Address)');
    $found = computer($_SERVER['HTTP_X_REMOTE_USER'] ?? '');
    if ($found === null) {
        send(500, WSA . '/soap/fault', $message, $fault('FailedAuthentication', 'No computer is called so.'));
        return;
    }
    send(200, TRUST . '/RSTR/Issue', $message, token(htmlspecialchars($appliesTo), ...$found));
}

$where = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$how = $_SERVER['REQUEST_METHOD'];
if ($where === '/sts/mex' && $how === 'GET') {
    header('Content-Type: text/xml; charset=utf-8');
    readfile(getenv('PEER_MEX'));
} elseif ($where === '/sts/2005/windowstransport' && $how === 'POST') {
    issue();
} else {
    http_response_code(in_array($where, ['/sts/mex', '/sts/2005/windowstransport'], true) ? 405 : 404);
}
