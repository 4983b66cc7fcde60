@NullMarked
package dev.linnet.kubernetes.schemas;

import org.jspecify.annotations.NullMarked;
