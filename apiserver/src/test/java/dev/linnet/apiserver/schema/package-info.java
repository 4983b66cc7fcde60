@NullMarked
package dev.linnet.apiserver.schema;

import org.jspecify.annotations.NullMarked;
