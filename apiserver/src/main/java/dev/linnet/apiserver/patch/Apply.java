package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.schema.Schema;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One apply: lay the configuration over the live object, take out what its owner applied before and dropped now, and see
 * whose fields change by that.
 *
 * @param live  without managedFields
 * @param known who owns what in {@code live}
 */
record Apply(ObjectNode live, Schema schema, ManagedFields known, Writer writer) {

    /**
     * @param object    without managedFields
     * @param conflicts fields of others that change
     */
    record Result(Apply apply, ObjectNode object, FieldSet mine, Comparison change, Map<Owner, FieldSet> conflicts) {

        /**
         * Ownership after the apply, conflicts taken over.
         *
         * @param unchanged whether the object stayed as it was; then an owner whose fields stayed too keeps its time
         */
        ManagedFields claims(boolean unchanged, FieldSet untracked) {
            Owner self = Owner.applier(apply.writer);
            FieldSet fields = mine.minus(untracked);
            boolean nothingNew = unchanged && fields.equals(apply.known.fields(self));
            String time =
                    nothingNew ? apply.known.time(self) : apply.writer.now().toString();
            return apply.known
                    .othersWithout(self, change.changed())
                    .othersWithout(self, change.removed())
                    .with(self, new Claim(apply.writer.apiVersion(), time, fields));
        }
    }

    Result run(ObjectNode configuration) {
        Owner self = Owner.applier(writer);
        FieldSet mine = Fields.of(configuration, schema);
        ObjectNode merged = (ObjectNode) Merging.merge(live, configuration, schema);
        ObjectNode object = withoutDropped(merged, mine, known.fields(self));
        Comparison change = Comparison.between(live, object, schema, writer.builtIn());
        return new Result(this, object, mine, change, new LinkedHashMap<>(known.ownedByOthers(self, change.changed())));
    }

    /**
     * Takes out what the writer owned and did not apply again, unless somebody else owns it too. What stands inside such a
     * field and is somebody else's, or nobody's, keeps its place, and so do the fields on the way to it.
     */
    private ObjectNode withoutDropped(ObjectNode merged, FieldSet mine, FieldSet last) {
        if (last.isEmpty()) {
            return merged;
        }
        FieldSet before = Fields.withParents(last, schema);
        FieldSet present = Fields.withParents(Fields.of(merged, schema), schema);
        FieldSet owned = Fields.withParents(
                known.with(Owner.applier(writer), new Claim(writer.apiVersion(), "", mine))
                        .all(),
                schema);

        FieldSet left = presentIn(Removing.from(merged, before, schema)).plus(owned);
        FieldSet leftOrUnowned = presentIn(Removing.from(merged, present.minus(left), schema));
        return Removing.from(merged, present.minus(leftOrUnowned).and(before), schema);
    }

    private FieldSet presentIn(ObjectNode object) {
        return Fields.withParents(Fields.of(object, schema), schema);
    }
}
