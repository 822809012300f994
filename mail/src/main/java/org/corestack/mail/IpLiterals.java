package org.corestack.mail;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** IP addresses written out, never looked up. */
final class IpLiterals {
    private IpLiterals() {}

    /** Whether text of hexadecimal digits, colons and dots alone is an IPv6 address. */
    static boolean isIpv6(String text) {
        if (!text.contains(":")) {
            return false;
        }
        try {
            // In brackets it is never taken for a name.
            InetAddress.getByName("[" + text + "]");
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether a host is this machine by what is written: no name but {@code localhost} is known to be. */
    static boolean isLoopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        if (!host.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            return false;
        }
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** How a host without a name calls itself in SMTP. */
    static String smtp(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        String plain = zone < 0 ? text : text.substring(0, zone);
        return address instanceof Inet6Address ? "[IPv6:" + plain + "]" : "[" + plain + "]";
    }
}
