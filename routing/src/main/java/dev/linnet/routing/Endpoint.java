package dev.linnet.routing;

/**
 * One address that serves requests.
 *
 * @param address literal IP address
 * @param pod     {@code namespace/name} of the Pod behind it, empty if unknown
 */
public record Endpoint(String address, int port, String pod) {
    @Override
    public String toString() {
        return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + port;
    }
}
