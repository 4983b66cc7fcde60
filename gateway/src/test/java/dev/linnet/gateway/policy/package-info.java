@NullMarked
package dev.linnet.gateway.policy;

import org.jspecify.annotations.NullMarked;
