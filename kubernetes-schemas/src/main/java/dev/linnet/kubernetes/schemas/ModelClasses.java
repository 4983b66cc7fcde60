package dev.linnet.kubernetes.schemas;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds the client's model classes by following its API methods and their fields. */
final class ModelClasses {
    private static final String MODELS = "io.kubernetes.client.openapi.models.";

    private ModelClasses() {}

    /** All models that requests and responses of a group-version carry, however deep inside. */
    static Set<Class<?>> reachableFrom(Class<?> api) {
        Set<Class<?>> reached = new TreeSet<>(Comparator.comparing(Class::getName));
        Deque<Class<?>> pending = new ArrayDeque<>();
        roots(api).flatMap(ModelClasses::modelsIn).forEach(pending::add);
        while (!pending.isEmpty()) {
            Class<?> model = pending.remove();
            if (reached.add(model)) {
                properties(model).stream()
                        .flatMap(field -> modelsIn(field.getGenericType()))
                        .forEach(pending::add);
            }
        }
        return reached;
    }

    /** The fields of a model that are properties of the JSON object. */
    static List<Field> properties(Class<?> model) {
        return Arrays.stream(model.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .toList();
    }

    /** Bodies are parameters of the API's methods; responses are what the request builders' {@code execute} returns. */
    private static Stream<Type> roots(Class<?> api) {
        Stream<Type> bodies = Arrays.stream(api.getDeclaredMethods())
                .map(Method::getGenericParameterTypes)
                .flatMap(Arrays::stream);
        Stream<Type> responses = Arrays.stream(api.getDeclaredClasses())
                .map(Class::getDeclaredMethods)
                .flatMap(Arrays::stream)
                .filter(method -> method.getName().equals("execute"))
                .map(Method::getGenericReturnType);
        return Stream.concat(bodies, responses);
    }

    private static Stream<Class<?>> modelsIn(Type type) {
        if (type instanceof ParameterizedType generic) {
            return Arrays.stream(generic.getActualTypeArguments()).flatMap(ModelClasses::modelsIn);
        }
        return type instanceof Class<?> found && found.getName().startsWith(MODELS) ? Stream.of(found) : Stream.empty();
    }
}
