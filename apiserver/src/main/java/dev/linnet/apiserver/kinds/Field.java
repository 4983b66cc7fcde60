package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A place in an object, with the path that messages name it by ({@code spec.ports[0].name}). The value may be missing.
 */
record Field(JsonNode value, String path) {

    static Field root(ObjectNode object) {
        return new Field(object, "");
    }

    Field at(String... names) {
        Field current = this;
        for (String name : names) {
            String childPath = current.path.isEmpty() ? name : current.path + "." + name;
            current = new Field(current.value.path(name), childPath);
        }
        return current;
    }

    /** A value of a map: {@code data[key]}. */
    Field key(String key) {
        return new Field(value.path(key), path + "[" + key + "]");
    }

    /** The elements of a list. */
    List<Field> items() {
        List<Field> items = new ArrayList<>();
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                items.add(new Field(value.path(i), path + "[" + i + "]"));
            }
        }
        return items;
    }

    /** The values of a map, sorted by key. */
    Map<String, String> strings() {
        return Json.strings(value);
    }

    boolean isSet() {
        return Json.isSet(value);
    }

    /** Whether Go would see the zero value: absent, null, an empty string, list or map, 0, false. */
    boolean isZero() {
        if (value.isContainerNode()) {
            return value.isEmpty();
        }
        return !isSet() || text().isEmpty() || (value.isNumber() && number() == 0) || (value.isBoolean() && !isTrue());
    }

    String text() {
        return Json.text(value);
    }

    long number() {
        return Json.number(value);
    }

    boolean isTrue() {
        return Json.isTrue(value);
    }

    int size() {
        return value.isContainerNode() ? value.size() : 0;
    }
}
