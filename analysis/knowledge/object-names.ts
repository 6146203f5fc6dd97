/** What objects of often used base classes have of their own: `self.parameters` of a module is there, whoever derives from it. Dunder names are left out. */

const words = (text: string): ReadonlySet<string> => new Set(text.split(" ").filter((it) => it !== ""));

const NONE = words("");
const EXCEPTION = words(
  "add_note args with_traceback name obj msg characters_written errno filename filename2 strerror code value",
);

/** By the qualified name of the base. In a base that is not here anything may be. */
const NAMES: Readonly<Record<string, ReadonlySet<string>>> = {
  "builtins.object": NONE,
  "abc.ABC": NONE,
  "typing.Generic": NONE,
  "builtins.Exception": EXCEPTION,
  "builtins.ValueError": EXCEPTION,
  "builtins.RuntimeError": EXCEPTION,
  "builtins.TypeError": EXCEPTION,
  "threading.Thread": words(
    "_args _bootstrap _bootstrap_inner _context _daemonic _delete _handle _ident _initialized _invoke_excepthook _is_stopped _kwargs _name _native_id " +
      "_os_thread_handle _reset_internal_locks _set_ident _set_native_id _set_os_name _set_tstate_lock _started _stderr _stop _target _tstate_lock " +
      "_wait_for_tstate_lock daemon getName ident isAlive isDaemon is_alive join name native_id run setDaemon setName start",
  ),
  // Of PyTorch 1.0 to 2.13, with those that other libraries of the kind add to it.
  "torch.nn.Module": words(
    "T_destination _apply _backend _backward_hooks _backward_pre_hooks _buffers _call_impl _compiled_call_impl _forward_hooks _forward_hooks_always_called " +
      "_forward_hooks_with_kwargs _forward_pre_hooks _forward_pre_hooks_with_kwargs _get_backward_hooks _get_backward_pre_hooks _get_name " +
      "_is_full_backward_hook _load_from_state_dict _load_state_dict_post_hooks _load_state_dict_pre_hooks _maybe_warn_non_full_backward_hook _modules " +
      "_named_members _non_persistent_buffers_set _parameters _register_load_state_dict_pre_hook _register_state_dict_hook _replicate_for_data_parallel " +
      "_save_to_state_dict _slow_forward _state_dict_hooks _state_dict_pre_hooks _tracing_name _version _wrapped_call_impl add_module apply bfloat16 buffers " +
      "call_super_init children compile cpu cuda double dump_patches eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule " +
      "half ipu load_state_dict modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook register_buffer " +
      "register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook register_load_state_dict_post_hook " +
      "register_load_state_dict_pre_hook register_module register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ " +
      "set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu zero_grad",
  ),
  "torch.utils.data.Dataset": words("_is_protocol functions register_function register_datapipe_as_function"),
};

/** The names that a base class gives its objects, by its qualified name; undefined where that is not known. */
export function namesOfBase(name: string): ReadonlySet<string> | undefined {
  return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
}
