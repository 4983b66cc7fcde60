@NullMarked
package dev.linnet.gateway.ops;

import org.jspecify.annotations.NullMarked;
