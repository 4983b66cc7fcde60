package dev.linnet.gateway.aside;

/**
 * What somebody says to be let in. Its text tells nothing.
 *
 * @param client who it is as far as the network knows: those of one client wait for each other
 */
public record Login(String client, String name, String password) {
    @Override
    public String toString() {
        return "***";
    }
}
