package dev.linnet.apiserver.select;

import dev.linnet.apiserver.kinds.ResourceKind.KindRules;
import dev.linnet.apiserver.store.StoredObject;

/**
 * Which objects of one resource a reader wants.
 *
 * @param namespace empty for all
 * @param rules     of the resource's kind, for the fields it knows
 */
public record Selection(String namespace, LabelSelector labels, FieldSelector fields, KindRules rules) {

    public boolean matches(StoredObject object) {
        if (!namespace.isEmpty() && !object.key().namespace().equals(namespace)) {
            return false;
        }
        return fields.matches(field -> fieldOf(object, field))
                && (labels.everything()
                        || labels.matches(object.selectable(rules).labels()));
    }

    /** True where only the namespace decides. */
    public boolean everythingInScope() {
        return labels.everything() && fields.everything();
    }

    private String fieldOf(StoredObject object, String field) {
        return switch (field) {
            case FieldSelector.NAME -> object.key().name();
            case FieldSelector.NAMESPACE -> object.key().namespace();
            default -> object.selectable(rules).fields().getOrDefault(field, "");
        };
    }
}
