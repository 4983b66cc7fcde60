/** JSON trees: reading, writing, comparing, and the metadata every object has. */
@NullMarked
package dev.linnet.apiserver.json;

import org.jspecify.annotations.NullMarked;
