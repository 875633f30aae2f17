"""DocTypes that every site has: users, roles, communications, logs, settings.

Some kinds, here and in the other modules, are records only. Sites and apps create, read and delete them with
all their fields, but this host does not act on them, as a bench does: Assignment Rule, Client Script, Custom HTML Block,
Dashboard, Dashboard Chart, Dashboard Chart Source, Email Template, Form Tour, Kanban Board, Notification, Number Card,
Page, Print Format, Workflow, Workspace. They have a DocType file and no controller. Other kinds are refused.
"""
