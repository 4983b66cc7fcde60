package dev.linnet.routing;

/**
 * A mistake of an object's author: what is wrong, and what would be right.
 *
 * @param object  the object that has the mistake
 * @param path    where in it: {@code metadata.annotations[nginx.ingress.kubernetes.io/canary-weight]}
 * @param message {@code is "12%" (expected: a whole number from 0 to 100)}
 */
public record Problem(ObjectRef object, String path, String message) {
    @Override
    public String toString() {
        return object + ": " + path + " " + message;
    }
}
