/** Which resources are served at which paths, and the documents that say so. */
@NullMarked
package dev.linnet.apiserver.discovery;

import org.jspecify.annotations.NullMarked;
