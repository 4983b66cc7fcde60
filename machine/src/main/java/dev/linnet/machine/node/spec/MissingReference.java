package dev.linnet.machine.node.spec;

import java.util.Locale;

/** A Pod needs something that is not there yet. The message is what kubelet says. It goes away when somebody makes it. */
public final class MissingReference extends Exception {

    public MissingReference(String message) {
        super(message);
    }

    static MissingReference object(String kind, String name) {
        return new MissingReference("%s \"%s\" not found".formatted(kind.toLowerCase(Locale.ROOT), name));
    }

    static MissingReference key(String kind, String namespace, String name, String key) {
        return new MissingReference("couldn't find key %s in %s %s/%s".formatted(key, kind, namespace, name));
    }
}
