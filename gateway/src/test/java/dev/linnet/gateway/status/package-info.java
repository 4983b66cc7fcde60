@NullMarked
package dev.linnet.gateway.status;

import org.jspecify.annotations.NullMarked;
