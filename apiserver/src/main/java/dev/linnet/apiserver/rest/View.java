package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.store.StoredObject;
import java.io.IOException;
import java.io.OutputStream;

/** How objects of one resource are shown to one client: whole, as rows of a table, or their metadata only. */
interface View {

    /** The Content-Type of what this view writes. */
    String contentType();

    /** An answer that consists of one object. */
    ObjectNode single(ObjectNode stored);

    /**
     * All of a list's document up to its first item; the document ends with {@code ]}}.
     *
     * @param metadata of the list
     */
    byte[] listHead(ObjectNode metadata);

    void writeItem(StoredObject object, OutputStream out) throws IOException;

    /** The object of a watch event. {@code first} on the first event of a watch. */
    void writeEventObject(StoredObject object, boolean first, OutputStream out) throws IOException;

    /** The object of a bookmark, which says nothing but a version. */
    ObjectNode bookmark(ObjectNode metadata);
}
