package dev.linnet.routing;

import java.util.function.Function;

/** Something that must not be seen: keys, passwords. It is passed on wrapped, and neither logs nor messages nor debuggers print it. */
public final class Secret<T> {
    private final T value;

    private Secret(T value) {
        this.value = value;
    }

    public static <T> Secret<T> of(T value) {
        return new Secret<>(value);
    }

    /** The thing itself: for whoever uses it, and no further. */
    public T reveal() {
        return value;
    }

    public <U> Secret<U> map(Function<? super T, ? extends U> function) {
        return new Secret<>(function.apply(value));
    }

    @Override
    public String toString() {
        return "***";
    }
}
