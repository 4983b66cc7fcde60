package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.discovery.ServedResource;
import dev.linnet.apiserver.schema.Schema;
import java.util.List;
import java.util.Optional;

/** The shapes of the objects that are served. */
public interface Types {

    /** Empty where nothing is known of the resource's fields. */
    Optional<Schema> find(ServedResource resource);

    /** Fields that a kind does not have, worded {@code unknown field "spec.x"}. */
    List<String> unknownFields(ObjectNode object, Schema schema);

    void dropUnknownFields(ObjectNode object, Schema schema);

    /** Reads a body of type {@code application/vnd.kubernetes.protobuf}. */
    ObjectNode fromProtobuf(byte[] body);
}
