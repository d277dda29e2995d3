"""Who works here (tài khoản): what people did and when, sessions, rights given by an administrator, reminders by e-mail."""
