/** Types of objects: OpenAPI documents, strict decoding, protobuf bodies, CRD schemas. */
@NullMarked
package dev.linnet.apiserver.schema;

import org.jspecify.annotations.NullMarked;
