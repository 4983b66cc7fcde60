@NullMarked
package dev.linnet.manifests;

import org.jspecify.annotations.NullMarked;
